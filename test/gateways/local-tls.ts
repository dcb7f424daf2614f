import tls from 'node:tls';
import { vi } from 'vitest';

/** A throwaway key and its self-signed certificate for 127.0.0.1, 2020 to 2120. Nothing but these tests trusts it. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9M9hCeNozHkEeHqK
/weaE0fKsgZhMDqtrQAHyh92HeqhRANCAATm43lT5bHhq7tjzgsSsDmVw9/UcB+N
BKIWHDAzhDylBKPED7sAazhdjbVjhjrS/9XPLO5rPY9Nyli5v/vmHHcM
-----END PRIVATE KEY-----
`;
export const cert = `-----BEGIN CERTIFICATE-----
MIIBaDCCAQ6gAwIBAgIBATAKBggqhkjOPQQDAjAaMRgwFgYDVQQDDA9hbnN3ZXJi
YWNrLXRlc3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBoxGDAW
BgNVBAMMD2Fuc3dlcmJhY2stdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BObjeVPlseGru2POCxKwOZXD39RwH40EohYcMDOEPKUEo8QPuwBrOF2NtWOGOtL/
1c8s7ms9j03KWLm/++YcdwyjQzBBMA8GA1UdEwEB/wQFMAMBAf8wDwYDVR0RBAgw
BocEfwAAATAdBgNVHQ4EFgQUln7CJ1EF+xZkQFof71CWgGs0Gh8wCgYIKoZIzj0E
AwIDSAAwRQIgUx1wB+Sv+U9jYW8j+Z+o3P2R6h1ApfLcmiZHBdgF6PkCIQCoBZen
mb99AtGiB2YXIA9LU6b+HHbHg079IfsHWeoe5g==
-----END CERTIFICATE-----
`;

/** Adds the certificate to what the process trusts, so that a verified connection to a local server can be made. */
export function trustLocalCertificate(): void {
  const createSecureContext = tls.createSecureContext;
  vi.spyOn(tls, 'createSecureContext').mockImplementation((options) =>
    createSecureContext({ ...options, ca: options?.ca ?? cert }),
  );
}
