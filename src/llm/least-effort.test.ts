import { expect, it } from 'vitest';
import { leastEffort } from './least-effort.js';

it('asks a model that thinks to do little of it, and says nothing of it to others', () => {
  for (const model of ['gpt-5', 'gpt-5-mini', 'gpt-5-nano-2025-08-07'])
    expect(leastEffort(model)).toBe('minimal');
  for (const model of ['o3', 'o4-mini', 'o3-mini-2025-01-31']) expect(leastEffort(model)).toBe('low');
  for (const model of [
    'gpt-4.1-mini',
    'gpt-4o',
    'o1-mini',
    'gpt-5.1',
    'gpt-5-pro',
    'gpt-5-chat-latest',
    'llama-3.3-70b',
    'o',
  ])
    expect(leastEffort(model)).toBeUndefined();
});
