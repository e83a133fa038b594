import type { HomeView, KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { context, section } from './blocks.js';
import type { Refusal } from './caller.js';
import { escapeMrkdwn } from './mrkdwn.js';
import type { HomeSection } from './surface.js';

/** App Home: every section this person has something in, in order. A section that fails is left out and logged. */
export async function renderHome(
  services: Services,
  params: { person: Person; sections: readonly HomeSection[]; now: Date },
): Promise<HomeView> {
  const rendered: KnownBlock[] = [];
  for (const part of [...params.sections].sort((a, b) => a.order - b.order)) {
    try {
      rendered.push(...(await part.render(services, params.person, params.now)));
    } catch (error) {
      services.log.error({ err: error, section: part.name }, 'a section of App Home failed');
      rendered.push(
        context(
          `The part "${escapeMrkdwn(part.name)}" could not be shown just now. Open this page again in a minute.`,
        ),
      );
    }
  }
  return {
    type: 'home',
    blocks:
      rendered.length > 0
        ? rendered.slice(0, 100)
        : [section('Nothing waits for you. Ask me anything about our metrics in *Messages*.')],
  };
}

export async function publishHome(
  services: Services,
  params: {
    slack: WebClient;
    slackUserId: string;
    person: Person | Refusal;
    sections: readonly HomeSection[];
    now: Date;
  },
): Promise<void> {
  const { person } = params;
  const view: HomeView =
    'reason' in person
      ? { type: 'home', blocks: [section(escapeMrkdwn(person.text))] }
      : await renderHome(services, { ...params, person });
  await params.slack.views.publish({ user_id: params.slackUserId, view });
}
