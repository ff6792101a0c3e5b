import { type IPeer, Peer } from 'aws-cdk-lib/aws-ec2';

/** Where something may be reached: addresses, the members of a security group, or a prefix list, at one port. */
export type Destination = { readonly text: string; readonly peer: IPeer; readonly port: number };

const cidr = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Whether a text is a block of IPv4 addresses, with no bit set behind its length. */
export const isCidr = (text: string): boolean => {
  const [, ...parts] = cidr.exec(text) ?? [];
  if (parts.length === 0) return false;
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = parts.map(Number);
  if ([a, b, c, d].some((part) => part > 255) || length > 32) return false;
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return length === 0 ? address === 0 : address % 2 ** (32 - length) === 0;
};

/** An id as EC2 writes it: 8 or 17 hexadecimal digits behind its kind. */
export const isEc2Id = (kind: 'vpc' | 'subnet' | 'sg' | 'pl', text: string): boolean =>
  new RegExp(`^${kind}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`).test(text);

const peerOf = (text: string): IPeer | undefined => {
  if (isCidr(text)) return Peer.ipv4(text);
  if (isEc2Id('sg', text)) return Peer.securityGroupId(text);
  if (isEc2Id('pl', text)) return Peer.prefixList(text);
  return undefined;
};

/** Reads `10.0.0.0/16:5432` or `sg-…:3306`; with a port given, the text is to have none. Undefined where it is no such thing. */
export const parseDestination = (text: string, port?: number): Destination | undefined => {
  const [, place = text, digits] = port === undefined ? (/^(.*):(\d{1,5})$/.exec(text) ?? []) : [];
  const number = port ?? Number(digits);
  const peer = peerOf(place);
  if (peer === undefined || !(number >= 1 && number <= 65_535)) return undefined;
  return { text, peer, port: number };
};
