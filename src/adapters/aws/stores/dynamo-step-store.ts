import * as z from 'zod';
import { Step } from '../../../contracts/step.ts';
import type { StepStore } from '../../../ports/step-store.ts';
import { storedDocument } from '../../../contracts/stored-document.ts';
import { stepPages, stepsOf } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { runItemKey, sortKeys } from './dynamo-table.ts';

/** The steps of runs in a DynamoDB table, compressed and cut into pages that are written together. */
export const dynamoStepStore = (table: DocumentTable): StepStore => ({
  async replace(tenant, runId, steps) {
    const sorted = steps.toSorted((a, b) => (a.step_id === b.step_id ? 0 : a.step_id < b.step_id ? -1 : 1));
    const pages = stepPages(sorted).map((page, number) => ({
      ...runItemKey(tenant, runId, sortKeys.stepsPage(number)),
      ...page,
    }));
    await table.items.putTogether(pages);
  },

  async list(tenant, runId) {
    const pages = await table.listOfRun(tenant, runId, 'STEPS#');
    return storedDocument(z.array(Step), stepsOf(pages), table.where);
  },
});
