import { describe, expect, it } from 'vitest';
import { stewardConfig } from '../config/steward-schema.js';
import { makeAuthority, type Role } from './authority.js';
import { makeRoleWords } from './role-words.js';

function refusal(roles: readonly Role[], config: unknown = {}): string {
  const authority = makeAuthority([{ 'thing.do': roles }], makeRoleWords(stewardConfig.parse(config)));
  try {
    authority.require('thing.do', new Set(['anyone']));
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
  return 'allowed';
}

describe('a refusal', () => {
  const named = {
    teams: [{ id: 'sec', name: 'Security' }, { id: 'privacy' }],
    authority: { security: ['sec'], governance: ['sec', 'privacy'] },
  };

  it('says who may in the words of people, with the names of their teams', () => {
    expect(refusal(['owner', 'security', 'admin', 'operator'], named)).toBe(
      'Only an owner of the data, the team Security or an administrator of Steward may do that. Nothing was changed.',
    );
    expect(refusal(['governance'], named)).toBe(
      'Only the team Security or privacy may do that. Nothing was changed.',
    );
  });

  it('names nobody whom nobody is: a role without a team, an action that no table knows', () => {
    expect(refusal(['security', 'admin'])).toBe(
      'Only an administrator of Steward may do that. Nothing was changed.',
    );
    expect(refusal(['security'])).toBe('Nobody may do that here. Nothing was changed.');
    expect(refusal(['operator'])).toContain('the operator at the command line');
    const authority = makeAuthority([], makeRoleWords(stewardConfig.parse({})));
    expect(() => authority.require('thing.undo', new Set(['admin']))).toThrow('Nobody may do that here');
  });
});
