/**
 * Where clouds answer their machines with credentials, or serve them for themselves: never opened, whatever is asked for. The
 * link; Alibaba; Azure, which took an address of the open internet; AWS, Google, Oracle and Scaleway over IPv6.
 */
export const cloudNetworks = [
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fe80::/10',
  'fd00:ec2::/32',
  'fd20:ce::/32',
  'fd00:c1::/32',
  'fd00:42::42/128',
] as const;
