import { describe, expect, it } from 'vitest';
import { addressGuard, parseNetworks } from '../../src/adapters/address-guard.ts';

describe('the guard of addresses', () => {
  it.each(['8.8.8.8', '93.184.215.14', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001:81b::200e'])(
    'lets through what is of the open internet: %s',
    (address) => expect(addressGuard([])(address)).toBeUndefined(),
  );

  it.each([
    ['this machine', ['127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '::']],
    ['private networks', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1', 'fec0::1']],
    ['carriers behind NAT', ['100.64.0.1', '100.127.255.255']],
    ['the link, and the metadata of clouds', ['169.254.169.254', '169.254.170.2', 'fe80::1', 'fd00:ec2::254']],
    [
      'IPv4 in the clothes of IPv6',
      ['::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::ffff:8.8.8.8', '::7f00:1', '::10.0.0.1'],
    ],
    ['translation of IPv4', ['64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::a00:1', '::ffff:0:a00:1']],
    ['tunnels', ['2002:7f00:1::', '2002:a00:1::1', '2001::1', '192.88.99.1']],
    [
      'nobody',
      ['240.0.0.1', '255.255.255.255', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '4000::1', '100::1'],
    ],
    ['many', ['224.0.0.1', 'ff02::1']],
    ['measurements', ['198.18.0.1', '198.19.255.255']],
    ['no address at all', ['', 'localhost', '127.0.0.1.evil.example']],
  ])('stops at addresses of %s', (_, addresses) => {
    for (const address of addresses)
      expect([address, addressGuard([])(address)]).toEqual([address, expect.any(String)]);
  });

  it('opens the networks that the operator names, and no other', () => {
    const guard = addressGuard(['10.1.0.0/16', 'fd12::/16']);
    expect(guard('10.1.2.3')).toBeUndefined();
    expect(guard('fd12::1')).toBeUndefined();
    expect(guard('10.2.0.1')).toContain('(private)');
    expect(guard('::ffff:10.1.2.3')).toContain('(ipv4Mapped)');
    expect(guard('127.0.0.1')).toContain('(loopback)');
  });

  it.each(['169.254.169.254', '169.254.170.2', 'fe80::1', 'fd00:ec2::254'])(
    'opens the metadata of clouds to nobody, however wide the networks are: %s',
    (address) => expect(addressGuard(['0.0.0.0/0', '::/0'])(address)).toContain('not an address of the open internet'),
  );

  it.each([
    ['Alibaba', '100.100.100.200', '100.64.0.0/10'],
    ['Azure', '168.63.129.16', '168.63.0.0/16'],
    ['AWS', 'fd00:ec2::254', 'fd00::/8'],
    ['Google', 'fd20:ce::254', 'fd00::/8'],
    ['Oracle', 'fd00:c1::a9fe:a9fe', 'fd00::/8'],
    ['mapped', '::ffff:169.254.169.254', '::ffff:0:0/96'],
    ['mapped, Alibaba', '::ffff:100.100.100.200', '::/0'],
    ['compatible', '::169.254.169.254', '::/0'],
    ['translated by SIIT', '::ffff:0:169.254.169.254', '::/0'],
    ['NAT64', '64:ff9b::169.254.169.254', '64:ff9b::/96'],
    ['NAT64, Azure', '64:ff9b::168.63.129.16', '64:ff9b::/96'],
    ['NAT64 of a network', '64:ff9b:1::169.254.169.254', '64:ff9b:1::/48'],
    ['NAT64 of a network, 48 bits', '64:ff9b:1:a9fe:a9:fe00::', '64:ff9b:1::/48'],
    ['6to4', '2002:a9fe:a9fe::1', '2002::/16'],
    ['Teredo', '2001:0:1:1:1:1:5601:5601', '2001::/32'],
  ])('opens it in no other form either: %s', (_, address, network) => {
    for (const networks of [[], [network]])
      expect(addressGuard(networks)(address)).toContain('not an address of the open internet (a cloud’s own)');
  });

  it('opens what else is in such a network', () => {
    expect(addressGuard(['64:ff9b::/96'])('64:ff9b::10.0.0.1')).toBeUndefined();
    expect(addressGuard(['100.64.0.0/10'])('100.64.0.1')).toBeUndefined();
    expect(addressGuard(['fd00::/8'])('fd12::1')).toBeUndefined();
  });

  it('reads networks, and says where something is none', () => {
    expect(parseNetworks('')).toEqual([]);
    expect(parseNetworks('10.0.0.0/8, ::1/128')).toEqual(['10.0.0.0/8', '::1/128']);
    for (const wrong of ['10.0.0.1', '10.0.0.0/40', 'lan']) expect(parseNetworks(wrong)).toBeUndefined();
  });
});
