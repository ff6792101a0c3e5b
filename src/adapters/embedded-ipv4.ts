import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;

/** Where a form of IPv6 keeps the four bytes of an IPv4 address, and whether they are inverted. */
type Form = { readonly network: string; readonly bytes: readonly number[]; readonly inverted?: boolean };

const last = [12, 13, 14, 15];

const forms: readonly Form[] = [
  // Compatible, mapped, and translated by SIIT.
  { network: '::/96', bytes: last },
  { network: '::ffff:0:0/96', bytes: last },
  { network: '::ffff:0:0:0/96', bytes: last },
  // NAT64, of which a network's own prefix may be 48 or 96 bits long (RFC 6052).
  { network: '64:ff9b::/96', bytes: last },
  { network: '64:ff9b:1::/48', bytes: last },
  { network: '64:ff9b:1::/48', bytes: [6, 7, 9, 10] },
  // 6to4, and the client of Teredo.
  { network: '2002::/16', bytes: [2, 3, 4, 5] },
  { network: '2001::/32', bytes: last, inverted: true },
];

/**
 * The IPv4 addresses that an IPv6 address may stand for: whoever passes it on may send to one of them.
 *
 * @example embeddedIpv4(ipaddr.parse('64:ff9b::a9fe:a9fe')).map(String) // ['169.254.169.254']
 */
export const embeddedIpv4 = (address: Address): readonly Address[] => {
  if (address.kind() === 'ipv4') return [];
  const all = address.toByteArray();
  return forms
    .filter(({ network }) => address.match(ipaddr.parseCIDR(network)))
    .map(({ bytes, inverted = false }) =>
      ipaddr.fromByteArray(bytes.map((index) => (all[index] ?? 0) ^ (inverted ? 0xff : 0))),
    );
};
