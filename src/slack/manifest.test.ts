import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../test/helpers/shared.js';
import { gatherRegistrations } from '../app.js';
import { stewardConfig } from '../config/steward-schema.js';
import { botScopes, buildManifest, manifestYaml } from './manifest.js';

const manifest = buildManifest(gatherRegistrations(), stewardConfig.parse({}));

it('is what stands in manifest.yml', () => {
  expect(readFileSync('manifest.yml', 'utf8').trimEnd()).toBe(manifestYaml(manifest).trimEnd());
});

it('offers every registered command and shortcut', () => {
  expect(manifest.features.slash_commands.map((command) => command.command).sort()).toEqual([
    '/access',
    '/backfill',
    '/incident',
    '/metric',
    '/steward',
  ]);
  for (const shortcut of manifest.features.shortcuts ?? [])
    expect(shortcut.name.length).toBeLessThanOrEqual(24);
});

it('says in the README what each scope is for and what stops without it', () => {
  const readme = readFileSync('README.md', 'utf8');
  for (const use of botScopes)
    expect(readme, use.scope).toContain(`| \`${use.scope}\` | ${use.feature} | ${use.without} |`);
});

describeWithShared('specs/slack/manifest', "against Slack's published manifest schema", () => {
  it('is a valid manifest, for HTTP and for Socket Mode', () => {
    const ajv = new Ajv.default({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(
      JSON.parse(
        readFileSync(sharedPath('specs/slack/manifest/manifest.schema.2.0.0.json'), 'utf8'),
      ) as object,
    );
    for (const one of [
      manifest,
      buildManifest(gatherRegistrations(), stewardConfig.parse({}), { socketMode: true }),
    ]) {
      expect(validate(JSON.parse(JSON.stringify(one))), JSON.stringify(validate.errors)).toBe(true);
    }
  });
});
