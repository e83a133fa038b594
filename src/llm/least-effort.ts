import type { ReasoningEffort } from 'openai/resources/shared';

/**
 * How little a model of OpenAI's may be told to think first; undefined for others, which may refuse the setting. Left to itself, one that thinks uses up
 * the time and the tokens that two sentences are given, and every answer would come without it.
 * What each takes: https://platform.openai.com/docs/guides/reasoning (GPT-5 `minimal`, the o-series `low`).
 */
export function leastEffort(model: string): ReasoningEffort | undefined {
  if (/^gpt-5(?:-mini|-nano)?(?:-\d{4}-\d{2}-\d{2})?$/.test(model)) return 'minimal';
  return /^(?:o1|o3|o3-mini|o4-mini)(?:-\d{4}-\d{2}-\d{2})?$/.test(model) ? 'low' : undefined;
}
