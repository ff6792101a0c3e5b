/** What pages of the allowed origins may send to the API, and which of an answer's headers they may read. */
export const crossOrigin = {
  methods: ['GET', 'POST', 'PATCH', 'DELETE'],
  sent: ['authorization', 'content-type', 'idempotency-key', 'x-request-id'],
  shown: ['x-request-id', 'retry-after'],
  /** Seconds for which a browser need not ask again. */
  remembered: 600,
} as const;
