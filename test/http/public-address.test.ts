import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/http/public-address.js';

const refused: Record<string, readonly string[]> = {
  'this machine': ['127.0.0.1', '127.8.9.10', '0.0.0.0', '0.1.2.3', '::1', '::'],
  'a private network': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1', 'fec0::1'],
  'the link': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0'],
  'a carrier': ['100.64.0.1', '100.127.255.255'],
  'a metadata service of a cloud': [
    '169.254.169.254',
    'fd00:ec2::254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
  ],
  'IPv4 in IPv6': ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '::127.0.0.1', '::ffff:0:7f00:1'],
  'a tunnel to IPv4': ['64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::1', '2001:0:7f00:1::1'],
  'all, and what is reserved': ['255.255.255.255', '224.0.0.1', 'ff02::1', '240.0.0.1', '198.18.0.1', '203.0.113.1'],
  'documentation, and what no network has yet': ['2001:db8::1', '100::1', '4000::1', '5f00::1'],
  'no address': ['', 'localhost', 'example.com', '1.2.3.4.5', '300.1.1.1'],
};

describe.each(Object.entries(refused))('an address of %s', (_, addresses) => {
  it.each(addresses)('is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

it.each([
  ...['1.1.1.1', '93.184.216.34', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.1', '168.63.129.17'],
  ...['2606:4700:4700::1111', '2a00:1450:4001::1', '::ffff:1.1.1.1'],
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});
