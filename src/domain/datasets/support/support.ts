import { defineDataset } from '../dataset.ts';
import { tickets } from './tickets.ts';

/** The inbox of a support team. */
export const support = defineDataset(
  {
    name: 'support',
    title: 'A support inbox',
    description: 'Nine months of tickets of a support team: times, priorities, marks, and the messages themselves',
  },
  [tickets],
);
