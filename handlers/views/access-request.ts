import { datasetNamed } from '../../src/access/datasets.js';
import { reference } from '../../src/access/lifecycle.js';
import { checkAccess, type RequestResult, requestAccess } from '../../src/access/request-access.js';
import type { AccessLevel } from '../../src/access/tables.js';
import { levelsOf } from '../../src/access/warehouses.js';
import { InvalidInputError, StewardError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import type { Caller, Submission, ViewHandler } from '../../src/slack/surface.js';
import { said } from '../said.js';
import { accessForm, accessFormId } from './access-form.js';
import { type AccessFormState, readFormState, wishOf } from './access-form-state.js';

/** "Request access": opened by `/access request`, the message shortcut, and "Request access" on an answer. */
export const accessRequestView: ViewHandler = {
  callbackId: accessFormId,
  build: (services, caller, params) => {
    const words = params.words ?? '';
    const dataset =
      params.dataset ?? (words === '' ? undefined : datasetNamed(services, caller.person, words)?.id);
    return accessForm(
      services,
      caller,
      { ...readFormState({}), datasetId: dataset ?? null, reason: params.reason ?? '' },
      false,
    );
  },
  validate: async (services, submission) => {
    const state = readFormState(submission.state);
    if (state.datasetId === null) return { dataset: 'Choose a dataset first.' };
    try {
      await checkAccess(services, await wishFrom(services, submission, state));
      return null;
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
      return errorsByBlock(error, submission);
    }
  },
  submit: async (services, submission) => {
    const state = readFormState(submission.state);
    const results = await requestAccess(services, await wishFrom(services, submission, state));
    return { reply: said(results.map(sentenceOf).join('\n')) };
  },
};

async function wishFrom(services: Services, submission: Submission, state: AccessFormState) {
  const level = state.level ?? firstLevel(services, submission.caller, state.datasetId);
  return wishOf(services, submission.caller, state, { level, viewId: submission.viewId });
}

function firstLevel(services: Services, _caller: Caller, datasetId: string | null): AccessLevel {
  const asset = datasetId === null ? undefined : services.catalog.current().view.get(datasetId);
  const name = asset ? services.warehouses.nameFor(asset) : null;
  const provisioner = name === null ? null : services.warehouses.get(name);
  return (asset && provisioner ? levelsOf(asset, provisioner)[0] : undefined) ?? 'read';
}

/** Errors may only stand on inputs that the form shows; everything else goes to the dataset. */
function errorsByBlock(error: StewardError, submission: Submission): Record<string, string> {
  const shown = new Set(Object.keys(submission.state));
  const fields = error instanceof InvalidInputError ? error.fields : {};
  const errors: Record<string, string> = {};
  for (const [field, words] of Object.entries(fields)) {
    const block = shown.has(field) ? field : 'dataset';
    errors[block] = errors[block] === undefined ? words : `${errors[block]} ${words}`;
  }
  return Object.keys(errors).length > 0 ? errors : { dataset: error.message.slice(0, 2000) };
}

function sentenceOf(result: RequestResult): string {
  if (!result.ok) return `${result.assetName}: ${result.error.message}`;
  const number = reference(result.number);
  return result.state === 'approved'
    ? `${number} for ${result.assetName} is approved and being set up. You hear here when you can query it.`
    : `${number} for ${result.assetName} is with its approvers. You hear here when they decide.`;
}
