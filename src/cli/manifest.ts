import { gatherRegistrations } from '../app.js';
import { loadConfig } from '../config/load-config.js';
import { stewardConfig } from '../config/steward-schema.js';
import { buildManifest, manifestYaml } from '../slack/manifest.js';
import { type CliModule, UsageError, writeJson } from './cli.js';

export const manifestCommand: CliModule = (program, cli) => {
  program
    .command('manifest')
    .description('print the Slack app manifest, made from what is registered')
    .option('--url <url>', 'where Slack reaches this installation: https://…/slack/events')
    .option('--socket', 'for Socket Mode: no URLs')
    .option('--config <file>', 'take the words of the slash commands from this steward.yml')
    .option('--json', 'write JSON')
    .action(async (options: { url?: string; socket?: boolean; config?: string; json?: boolean }) => {
      if (options.url && !/^https:\/\/[^\s/]/.test(options.url))
        throw new UsageError(`--url ${options.url}: write the whole address: https://…/slack/events.`);
      if (options.url && options.socket)
        throw new UsageError('Choose --url or --socket, not both: Socket Mode has no address.');
      const config = options.config ? (await loadConfig(options.config)).config : stewardConfig.parse({});
      const manifest = buildManifest(gatherRegistrations(), config, {
        ...(options.url ? { url: options.url } : {}),
        ...(options.socket ? { socketMode: true } : {}),
      });
      if (options.json) writeJson(cli, manifest);
      else cli.out(manifestYaml(manifest).trimEnd());
    });
};
