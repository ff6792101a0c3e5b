import type { HistoryEvent } from '../../../contracts/execution.ts';

/** The most events of an execution, as Step Functions caps them: the last one says that it failed for that. */
export const HISTORY_LIMIT = 25_000;

/** What an event says besides its type: the one `…EventDetails` field that belongs to it. */
export type EventDetails = Readonly<Record<string, unknown>>;

/** The events of one execution, in the order they happened. */
export type History = {
  readonly events: readonly HistoryEvent[];
  /** Adds an event and gives its id; changes nothing once the history is closed. */
  append(type: string, previousEventId: number, details?: EventDetails): number;
  /** Adds the event that ends the execution, and closes the history. */
  close(type: string, previousEventId: number, details?: EventDetails): void;
};

/** An empty history. `onFull` is called instead of adding the event that would leave no room for the one that ends it. */
export const newHistory = (now: () => Date, onFull: () => void): History => {
  const events: HistoryEvent[] = [];
  let closed = false;
  const add = (type: string, previousEventId: number, details: EventDetails = {}): number => {
    events.push({ id: events.length + 1, previousEventId, timestamp: now().toISOString(), type, ...details });
    return events.length;
  };
  return {
    events,
    append(type, previousEventId, details) {
      if (closed) return events.length;
      if (events.length === HISTORY_LIMIT - 1) {
        onFull();
        return events.length;
      }
      return add(type, previousEventId, details);
    },
    close(type, previousEventId, details) {
      if (closed) return;
      closed = true;
      add(type, previousEventId, details);
    },
  };
};
