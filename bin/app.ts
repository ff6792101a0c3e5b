import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from '../lib/bundle-functions.ts';
import { SurveyorStack } from '../lib/surveyor-stack.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
// Beside the output of this very synthesis, so that two at a time do not write into each other's bundles.
new SurveyorStack(app, 'surveyor', { bundles: await bundleFunctions(join(app.outdir, 'functions')) });
