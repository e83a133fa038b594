import { choiceOf } from '../../../prompts/choose-asset.js';
import type { Environment } from '../../config/env.js';
import type { LoadedConfig } from '../../config/load-config.js';
import type { ModelCall } from '../../llm/model.js';
import { readPrompt } from '../../llm/read-prompt.js';
import type { Say } from './say.js';

/** Longer than anybody waits for an answer: slow is to be told from silent. */
const patienceMs = 15_000;

/** Asks the model one made-up question, as a question is asked; nothing of the catalog or of people is sent. */
export async function checkModel(env: Environment, loaded: LoadedConfig, say: Say): Promise<void> {
  const { llm } = loaded.config;
  const { apiKey, baseUrl } = env.openai;
  if (!apiKey || !llm.enabled)
    return say(
      'Model',
      'ok',
      `none is asked: ${apiKey ? 'llm.enabled is false' : 'OPENAI_API_KEY is not set'}`,
    );
  const name = llm.model ?? env.openai.model;
  const host = baseUrl === undefined ? 'api.openai.com' : new URL(baseUrl).host;
  const { makeModel } = await import('../../llm/model.js');
  const calls: ModelCall[] = [];
  await makeModel({
    apiKey,
    baseUrl,
    model: name,
    timeoutMs: patienceMs,
    perPersonPerDay: 1,
    tokensPerDay: Number.MAX_SAFE_INTEGER,
    onCall: (made) => calls.push(made),
  }).parse({
    prompt: readPrompt('choose-asset'),
    input:
      'Question:\n<untrusted>\nrevenue\n</untrusted>\n\nCandidate a:\n<untrusted>\nname: Revenue\n</untrusted>',
    schema: choiceOf(['a']),
    personId: 'doctor',
    now: new Date(),
  });
  const [call] = calls;
  if (call === undefined) return;
  const seconds = (call.ms / 1_000).toFixed(1);
  if (call.outcome !== 'ok') {
    const { text, remedy } = faultInWords(call, { name, host });
    say('Model', 'error', `${text}; answers are given without a model`, remedy);
  } else if (call.ms > llm.timeoutSeconds * 1_000)
    say(
      'Model',
      'warning',
      `${name} at ${host} needs ${seconds} s, and an answer waits for it no longer than ${llm.timeoutSeconds} s`,
      'name a faster one (llm.model), or raise llm.timeoutSeconds',
    );
  else say('Model', 'ok', `${name} at ${host} answers in ${seconds} s`);
}

const address = 'correct OPENAI_BASE_URL; it mostly ends in /v1';

function faultInWords(
  { outcome, fault }: ModelCall,
  { name, host }: { name: string; host: string },
): { text: string; remedy: string } {
  const { status, code } = fault ?? {};
  const shown = `HTTP ${status}${code === undefined ? '' : `, ${code}`}`;
  if (outcome === 'timeout')
    return {
      text: `${name} at ${host} says nothing within ${patienceMs / 1_000} s`,
      remedy: 'see whether the address is reached from here, or name a faster model (llm.model)',
    };
  if (status === 401 || status === 403)
    return { text: `${host} refuses the key (${shown})`, remedy: 'correct OPENAI_API_KEY' };
  if (code === 'model_not_found')
    return {
      text: `${host} has no model ${name} for this key (${shown})`,
      remedy: 'correct OPENAI_MODEL or llm.model',
    };
  if (status === 404)
    return { text: `${host} has neither this address nor a model ${name} (${shown})`, remedy: address };
  if (status === 429)
    return {
      text: `${host} takes no more calls now (${shown})`,
      remedy: 'look at the limits and the credit of this key, or wait',
    };
  if (status !== undefined)
    return {
      text: `${host} does not answer what ${name} was asked (${shown})`,
      remedy: status < 500 ? 'name a model that takes structured output (llm.model)' : 'try again later',
    };
  if (outcome === 'failed')
    return {
      text: `nothing answers at ${host}${code === undefined ? '' : ` (${code})`}`,
      remedy: 'correct OPENAI_BASE_URL, or see whether it is reached from here',
    };
  if (outcome === 'malformed')
    return { text: `what ${host} says is no answer of the Responses API`, remedy: address };
  return {
    text: `${name} at ${host} gives no whole answer (${outcome})`,
    remedy: 'name another model (llm.model)',
  };
}
