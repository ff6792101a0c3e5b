import { lookup as lookUp } from 'node:dns';
import { BlockList, connect, isIP, isIPv6, type LookupFunction, type Socket } from 'node:net';
import { cloudNetworks } from '../../../../src/domain/cloud-networks.ts';

/** IPv6 addresses that stand for an IPv4 address: compatible ones, SIIT, NAT64, 6to4. (Mapped ones Node itself compares as IPv4.) */
const translated = (ipv4: string, prefix: number): readonly (readonly [string, number])[] => {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  const [high, low] = [a * 256 + b, c * 256 + d].map((part) => part.toString(16));
  return [
    [`::${high}:${low}`, 96 + prefix],
    [`::ffff:0:${high}:${low}`, 96 + prefix],
    [`64:ff9b::${high}:${low}`, 96 + prefix],
    [`64:ff9b:1::${high}:${low}`, 96 + prefix],
    [`2002:${high}:${low}::`, 16 + prefix],
  ];
};

const closed = new BlockList();
for (const network of cloudNetworks) {
  const [address = '', bits = ''] = network.split('/');
  closed.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  if (isIPv6(address)) continue;
  for (const [other, length] of translated(address, Number(bits))) closed.addSubnet(other, length, 'ipv6');
}

/** The code of the error with which a connection to a cloud's own address ends. */
export const cloudAddressCode = 'ECLOUDADDRESS';

const refused = (address: string): Error =>
  Object.assign(new Error(`${address} is an address of the cloud's own`), { code: cloudAddressCode });

const isClosed = (address: string): boolean => closed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** Looks a name up, and answers with an error where one of its addresses is closed: which one is taken may change at any time. */
const guardedLookup: LookupFunction = (name, options, callback) =>
  lookUp(name, { ...options, all: true }, (error, addresses) => {
    const bad = error === null ? addresses.find(({ address }) => isClosed(address)) : undefined;
    if (error !== null || bad !== undefined) return callback(error ?? refused(bad?.address ?? name), [], 0);
    if (options.all === true) return callback(null, addresses);
    const [first] = addresses;
    return callback(null, first?.address ?? '', first?.family ?? 0);
  });

/**
 * Makes a socket to a database's server, but to none of the addresses at which clouds give credentials to their machines:
 * whoever may name a database could read them there. Checked on the address that is connected to, so a name that leads there
 * ends alike. Such a socket ends with an error of the code `cloudAddressCode`.
 */
export const openSocket = (
  { host, port }: { readonly host: string; readonly port: number },
  into: (options: {
    readonly host: string;
    readonly port: number;
    readonly lookup: LookupFunction;
  }) => Socket = connect,
): Socket => {
  const socket = into({ host, port, lookup: guardedLookup });
  // No name is looked up of an address.
  if (isIP(host) !== 0 && isClosed(host)) socket.destroy(refused(host));
  return socket;
};
