import ipaddr from 'ipaddr.js';
import { cloudNetworks } from '../domain/cloud-networks.ts';
import { embeddedIpv4 } from './embedded-ipv4.ts';

type Address = ReturnType<typeof ipaddr.parse>;
type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Says why nothing is sent to an address, or undefined where something may be. */
export type AddressGuard = (address: string) => string | undefined;

/**
 * What IANA has given out of IPv6 for everybody. All that stands for an IPv4 address, and all that is of one place alone, lies
 * outside or has a range of its own.
 */
const globalIpv6 = ipaddr.parseCIDR('2000::/3');

const neverAllowed = cloudNetworks.map((text) => ipaddr.parseCIDR(text));

/** Networks as `10.0.0.0/8`, separated by commas; undefined where one is none. */
export const parseNetworks = (text: string): readonly string[] | undefined => {
  const networks = text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  return networks.every((network) => ipaddr.isValidCIDR(network)) ? networks : undefined;
};

/**
 * Lets through the addresses of the open internet, and those of the networks that the operator has named: a message to any
 * other could reach what trusts this machine for where it stands (databases, the cloud's own metadata).
 *
 * @example addressGuard([])('127.0.0.1') // '127.0.0.1 is not an address of the open internet (loopback)'
 */
export const addressGuard = (networks: readonly string[]): AddressGuard => {
  const allowed = networks.map((network) => ipaddr.parseCIDR(network));
  return (text) => {
    if (!ipaddr.isValid(text)) return `${text} is not an address`;
    const address = ipaddr.parse(text);
    if ([address, ...embeddedIpv4(address)].some((one) => neverAllowed.some((network) => isIn(one, network))))
      return `${text} is not an address of the open internet (a cloud’s own)`;
    if (isPublic(address) || allowed.some((network) => isIn(address, network))) return undefined;
    return `${text} is not an address of the open internet (${address.range()})`;
  };
};

const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || isIn(address, globalIpv6));

const isIn = (address: Address, network: Network): boolean =>
  address.kind() === network[0].kind() && address.match(network);
