/**
 * How long a client of AWS waits, the same for all. Three tries of 7 s end before the function of a route gives up, so that
 * a service that hangs is told as what it is. Without these, a lost connection is waited for until the function is killed.
 */
export const clientLimits = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 7_000,
    throwOnRequestTimeout: true,
    // The SDK that Lambda brings may be older than the setting above: this one ends a silent connection in any of them.
    socketTimeout: 7_000,
  },
} as const;
