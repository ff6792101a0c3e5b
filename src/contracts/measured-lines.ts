/**
 * Lines of the log by which the service is watched: metrics, alarms and the dashboard find them by these messages, so that
 * who writes one and who counts it cannot drift apart.
 */
export const measuredLines = {
  /** `status`, `seconds` since it was started. */
  runEnded: 'run ended',
  /** `dollars`, `tokens`. */
  modelCalled: 'model called',
  /** `waited_seconds` since it was first asked for. */
  sandboxTaken: 'sandbox taken',
  /** A run that is still under way after the longest time that its chain may take. */
  runOverdue: 'run overdue',
  /** A task that no run holds was found, and stopped. */
  taskWithoutRun: 'task without a run',
  /** A consumer did not take a message within a day. */
  deliveryFailed: 'message given up',
} as const;
