import type { ReactNode } from 'react';
import type { PlayView } from '../../../protocol.js';
import { BlockList } from '../blocks/block-list.js';
import { HostContext } from '../blocks/host.js';
import { useFormValues } from '../state/form-values.js';
import { usePage } from '../state/use-session.js';
import { useViewHost } from './hosts.js';

/** The app's Home tab, as last published for this person. */
export function HomeTab(): ReactNode {
  const view = usePage((state) => state.home);
  const name = usePage((state) => state.info.app.name);
  if (view === null) return <p className="empty-note">{name} has not published a Home tab for you yet.</p>;
  return <HomeView key={view.id} view={view} />;
}

function HomeView({ view }: { view: PlayView }): ReactNode {
  const form = useFormValues();
  const host = useViewHost(view, form);
  return (
    <section className="home" aria-label="Home tab" tabIndex={-1}>
      <div className="home-inner">
        <HostContext value={host}>
          <BlockList blocks={view.blocks} />
        </HostContext>
      </div>
    </section>
  );
}
