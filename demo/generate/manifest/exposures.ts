import { dependencies } from '../compile.js';
import type { JsonObject } from '../json.js';
import type { Project } from '../project.js';
import { createdAtSeconds, fqn, insideFolder, reference } from './node.js';

/** The manifest's node of a dashboard, notebook or machine-learning model. */
export function exposureNode(project: Project, entry: Project['exposures'][number]): JsonObject {
  const { exposure, yamlFile } = entry;
  const upstream = dependencies(project, exposure.depends_on.map((text) => `{{ ${text} }}`).join('\n'));
  const { tags, meta } = exposure.config;
  return {
    name: exposure.name,
    resource_type: 'exposure',
    package_name: project.name,
    path: insideFolder(yamlFile),
    original_file_path: yamlFile,
    unique_id: `exposure.${project.name}.${exposure.name}`,
    fqn: fqn(project.name, yamlFile, exposure.name),
    type: exposure.type,
    owner: { email: exposure.owner.email, name: exposure.owner.name },
    description: exposure.description,
    label: exposure.label,
    maturity: exposure.maturity,
    meta,
    tags,
    config: { enabled: true, tags, meta },
    unrendered_config: {},
    url: exposure.url,
    depends_on: { macros: [], nodes: upstream.models.map((model) => model.uniqueId) },
    refs: upstream.models.map((model) => reference(model.name)),
    sources: [],
    metrics: [],
    created_at: createdAtSeconds,
  };
}

/** The manifest's node of a group: a team that owns. */
export function groupNode(project: Project, entry: Project['groups'][number]): JsonObject {
  const { group, yamlFile } = entry;
  return {
    name: group.name,
    resource_type: 'group',
    package_name: project.name,
    path: insideFolder(yamlFile),
    original_file_path: yamlFile,
    unique_id: `group.${project.name}.${group.name}`,
    owner: group.owner,
    description: group.description,
    config: { enabled: true, meta: {} },
  };
}
