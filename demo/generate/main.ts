/** Writes what is generated from the demo's dbt project: its artifacts, and the SQL of its pipelines. */
import { demoPath } from '../paths.js';
import { artifactDay, demoArtifacts, writeDemoArtifacts } from './artifacts.js';
import { buildPipelines, writePipelines } from './pipelines.js';
import { readProject } from './project.js';

writeDemoArtifacts(demoArtifacts(artifactDay), demoPath('dbt', 'target'), false);
writePipelines(buildPipelines(readProject()), demoPath('warehouse', 'pipelines'));
