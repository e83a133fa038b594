import { z } from 'zod';
import { object, text, texts } from '../meta/fields.js';
import { present } from '../meta/meta-facts.js';
import { asOwners, isPlainObject, type PlainObject } from '../meta/values.js';
import { type NodeIdentity, parseNode } from './node-schema.js';
import type { ExposureSpec } from './specs.js';

const Exposure = z.object({
  type: text,
  maturity: text,
  url: text,
  owner: z.unknown().optional(),
  depends_on: object,
});

/** Reads an exposure. `depends_on` holds node ids in a manifest and `ref()` calls in YAML; only the former are kept here. */
export function parseExposure(raw: PlainObject, identity: NodeIdentity): ExposureSpec {
  const exposure = Exposure.parse(raw);
  return {
    ...parseNode(raw, identity),
    owners: isPlainObject(exposure.owner) ? asOwners(exposure.owner) : asOwners(exposure.owner ?? []),
    dependsOn: texts.parse(exposure.depends_on.nodes),
    ...present({ type: exposure.type, maturity: exposure.maturity, url: exposure.url }),
  };
}
