import { Step } from '../../../contracts/step.ts';
import type { StepStore } from '../../../ports/step-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** The steps of runs in a SQLite file. */
export const sqliteStepStore = ({ file, all, text }: SqliteDocuments): StepStore => ({
  async replace(tenant, runId, steps) {
    file.transaction(() => {
      file.run('delete from steps where tenant = ? and run_id = ?', tenant, runId);
      for (const step of steps)
        file.run(
          'insert into steps (tenant, run_id, step_id, document) values (?, ?, ?, ?)',
          tenant,
          runId,
          step.step_id,
          text(Step, step),
        );
    });
  },

  async list(tenant, runId) {
    return all(Step, 'select document from steps where tenant = ? and run_id = ? order by step_id', tenant, runId);
  },
});
