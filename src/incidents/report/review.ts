import type { IncidentExport } from './export.js';
import { byImportance, peopleWords, summaryOf } from './summary.js';
import { durationWords, keyTimeWords } from './words.js';

/** The review as Markdown: key times from the data's own clock, impact, timeline, causes, follow-ups. Built from the export alone. */
export function reviewMarkdown(incident: IncidentExport): string {
  const { times, durations, blast_radius: radius } = incident;
  const downstream = byImportance(radius.assets.filter(({ relation }) => relation === 'downstream'));
  const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const lines = [
    `# ${incident.reference}: ${inline(incident.title)}`,
    '',
    `${incident.drill ? '**Drill.** ' : ''}State ${incident.state}, severity ${incident.severity}${incident.cause === null ? '' : `, cause: ${inline(incident.cause)}`}${incident.fixed_by === null ? '' : `, fixed by: ${inline(incident.fixed_by)}`}.${ledBy(incident, inline)}`,
    '',
    '## Summary',
    '',
    inline(summaryOf(incident).join(' ')),
    '',
    '## Key times',
    '',
    row(['event', 'time', 'since the data went bad']),
    '| --- | --- | --- |',
    ...(
      [
        'started',
        'detected',
        'declared',
        'acknowledged',
        'identified',
        'mitigated',
        'resolved',
        'closed',
      ] as const
    ).map((name) => row([name, keyTimeWords(times[name]), sinceStart(times.started, times[name])])),
    '',
    `Time to detect ${durationWords(durations.to_detect)}, to acknowledge ${durationWords(durations.to_acknowledge)}, to mitigate ${durationWords(durations.to_mitigate)}, to resolve ${durationWords(durations.to_resolve)}.`,
    '',
    '## Impact',
    '',
    `Broken: ${radius.broken.map((id) => `\`${id.replaceAll('`', '')}\``).join(', ') || 'nothing named'}. Downstream: ${downstream.length} assets; asked about by ${peopleWords(radius.consumers)} in the last 30 days.`,
    '',
    ...downstream
      .slice(0, 50)
      .map(
        (asset) =>
          `- ${inline(asset.name)} (${asset.kind}${asset.tier === null ? '' : `, tier ${asset.tier}`}${asset.owners.length === 0 ? '' : `, ${inline(asset.owners.join(', '))}`})`,
      ),
    ...(downstream.length > 50 ? [`- and ${downstream.length - 50} more`] : []),
    '',
    '## Timeline',
    '',
    ...incident.timeline.map(
      (entry, index) =>
        `${index + 1}. ${keyTimeWords(entry.at)} - ${inline(entry.text)}${entry.by === null ? '' : ` (${inline(entry.by)})`}${entry.link === null || !/^https?:\/\//.test(entry.link) ? '' : ` [link](<${entry.link.replaceAll(/[<>\s]/g, '')}>)`}`,
    ),
    '',
    '## Contributing causes',
    '',
    incident.cause === null ? '_Not written yet._' : inline(incident.cause),
    '',
    ...(incident.draft.length === 0
      ? []
      : [
          '## Draft summary',
          '',
          '_Draft, made by a model from the timeline above and read by nobody yet; the numbers in brackets are its entries._',
          '',
          incident.draft.map(({ text, entries }) => `${inline(text)} [${entries.join(', ')}]`).join(' '),
          '',
        ]),
    '## Follow-ups',
    '',
    ...followUps(incident),
    '',
  ];
  return lines.join('\n');
}

/** Who answered for it. */
function ledBy({ roles }: IncidentExport, escaped: (text: string) => string): string {
  const leads = roles.filter(({ role }) => role === 'lead').map(({ person }) => escaped(person));
  return leads.length === 0 ? '' : ` Led by ${leads.join(', ')}.`;
}

function followUps(incident: IncidentExport): string[] {
  const list = incident.tasks.filter(
    ({ kind, state }) => kind === 'follow_up' || (kind === 'task' && state === 'open'),
  );
  if (list.length === 0) return ['_None._'];
  return list.map(
    (task) =>
      `- [${task.state === 'done' ? 'x' : ' '}] ${inline(task.title)} - ${inline(task.owner ?? 'nobody yet')}, due ${task.due_at === null ? 'not set' : task.due_at.slice(0, 10)}`,
  );
}

function sinceStart(start: string | null, at: string | null): string {
  return start === null || at === null
    ? ''
    : durationWords(Math.round((Date.parse(at) - Date.parse(start)) / 1000));
}

/** People's words on one line, with nothing in them that Markdown or HTML would act on. */
function inline(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([\\`*_[\]<>#|])/g, '\\$1')
    .trim();
}

function cell(text: string): string {
  return text === '' ? ' ' : text;
}

/** The same review as one HTML page that needs nothing else: no scripts, everything escaped. */
export function reviewHtml(incident: IncidentExport): string {
  const { times, durations, blast_radius: radius } = incident;
  const downstream = byImportance(radius.assets.filter(({ relation }) => relation === 'downstream'));
  const key = (
    [
      'started',
      'detected',
      'declared',
      'acknowledged',
      'identified',
      'mitigated',
      'resolved',
      'closed',
    ] as const
  )
    .map(
      (name) =>
        `<tr><th scope="row">${name}</th><td>${escapeHtml(keyTimeWords(times[name]))}</td><td>${escapeHtml(sinceStart(times.started, times[name]))}</td></tr>`,
    )
    .join('');
  const list = (items: readonly string[], ordered = false): string =>
    items.length === 0
      ? '<p>None.</p>'
      : `<${ordered ? 'ol' : 'ul'}>${items.map((item) => `<li>${item}</li>`).join('')}</${ordered ? 'ol' : 'ul'}>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escapeHtml(incident.reference)}: ${escapeHtml(incident.title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2rem .6rem;text-align:left}</style></head><body>
<h1>${escapeHtml(incident.reference)}: ${escapeHtml(incident.title)}</h1>
<p>${incident.drill ? '<strong>Drill.</strong> ' : ''}State ${escapeHtml(incident.state)}, severity ${escapeHtml(incident.severity)}.${ledBy(incident, escapeHtml)}</p>
<h2>Summary</h2><p>${escapeHtml(summaryOf(incident).join(' '))}</p>
<h2>Key times</h2><table><thead><tr><th>event</th><th>time</th><th>since the data went bad</th></tr></thead><tbody>${key}</tbody></table>
<p>Time to detect ${durationWords(durations.to_detect)}, to acknowledge ${durationWords(durations.to_acknowledge)}, to mitigate ${durationWords(durations.to_mitigate)}, to resolve ${durationWords(durations.to_resolve)}.</p>
<h2>Impact</h2><p>Broken: ${radius.broken.map(escapeHtml).join(', ') || 'nothing named'}. Downstream: ${downstream.length} assets; asked about by ${peopleWords(radius.consumers)} in the last 30 days.</p>${list(downstream.slice(0, 200).map((asset) => escapeHtml(`${asset.name} (${asset.kind}${asset.tier === null ? '' : `, tier ${asset.tier}`}${asset.owners.length === 0 ? '' : `, ${asset.owners.join(', ')}`})`)))}${downstream.length > 200 ? `<p>And ${downstream.length - 200} more.</p>` : ''}
<h2>Timeline</h2>${list(
    incident.timeline.map(
      (entry) =>
        `${escapeHtml(keyTimeWords(entry.at))} - ${escapeHtml(entry.text)}${entry.by === null ? '' : ` (${escapeHtml(entry.by)})`}${entry.link === null || !/^https?:\/\//.test(entry.link) ? '' : ` <a href="${escapeHtml(entry.link)}" rel="noreferrer">link</a>`}`,
    ),
    true,
  )}
<h2>Contributing causes</h2><p>${escapeHtml(incident.cause ?? 'Not written yet.')}</p>
${incident.draft.length === 0 ? '' : `<h2>Draft summary</h2><p><em>Draft, made by a model from the timeline above and read by nobody yet; the numbers in brackets are its entries.</em></p><p>${incident.draft.map(({ text, entries }) => `${escapeHtml(text)} [${entries.join(', ')}]`).join(' ')}</p>`}
<h2>Follow-ups</h2>${list(incident.tasks.filter(({ kind }) => kind === 'follow_up').map((task) => escapeHtml(`${task.state === 'done' ? 'done: ' : ''}${task.title} - ${task.owner ?? 'nobody yet'}, due ${task.due_at?.slice(0, 10) ?? 'not set'}`)))}
</body></html>
`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
