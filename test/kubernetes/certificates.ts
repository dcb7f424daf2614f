import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Paths of files in PEM. */
export interface Certificates {
  authority: string;
  server: { certificate: string; key: string };
  /** An administrator, whom every part of the cluster acts as. */
  admin: { certificate: string; key: string };
  /** Signs the tokens of service accounts. */
  accounts: { certificate: string; key: string };
}

/** Makes an authority for one test, and what it signs: the certificate of an API server on loopback, and the admin's. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const authority = ['-CA', file('authority.crt'), '-CAkey', file('authority.key')];

  async function make(name: string, subject: string, ...args: string[]) {
    const [certificate, key] = [file(`${name}.crt`), file(`${name}.key`)];
    await openssl('req', '-x509', ...newKey, '-subj', subject, '-keyout', key, '-out', certificate, ...args);
    return { certificate, key };
  }

  await make('authority', '/CN=answerback-test');
  return {
    authority: file('authority.crt'),
    server: await make('server', '/CN=kube-apiserver', ...authority, '-addext', 'subjectAltName=IP:127.0.0.1'),
    admin: await make('admin', '/O=system:masters/CN=admin', ...authority),
    accounts: await make('accounts', '/CN=accounts'),
  };
}
