import { useSignal } from '@preact/signals';
import { Plus, RotateCcw, Trash2, X } from 'lucide';
import type { EditedSet, LabelSet } from '../api/client';
import { removeLabelSet, saveLabelSet } from '../state/label-sets';
import { labelSets, sheet } from '../state/studio';
import { messageOf, say } from '../state/toasts';
import { IconButton } from './controls';
import { Dialog } from './dialog';
import { Icon } from './icon';
import './label-sets.css';

/** A label as it is being edited: its parts are one line of text. */
interface Draft {
  name: string;
  parts: string;
  colour: string | undefined;
}

const NEW = 'my labels';
const FIRST_COLOUR = '#6d5cf6';

/** Names to complete from: labels with the names of their parts and, if wanted, a colour. */
export function LabelSets() {
  const name = useSignal(labelSets.value[0]?.name ?? NEW);
  const drafts = useSignal<readonly Draft[]>(draftsOf(labelSets.value[0]));
  const changed = useSignal(false);
  const problem = useSignal('');
  const filter = useSignal('');
  const kept = labelSets.value.find(each => each.name === name.value);
  const shown = filter.value.trim().toLowerCase();

  const open = (set: LabelSet | undefined, called = set?.name ?? NEW) => {
    name.value = called;
    drafts.value = draftsOf(set);
    changed.value = false;
    problem.value = '';
    filter.value = '';
  };
  const edit = (at: number, change: Partial<Draft>) => {
    drafts.value = drafts.value.map((draft, k) => (k === at ? { ...draft, ...change } : draft));
    changed.value = true;
    problem.value = '';
  };
  const attempt = async (act: () => Promise<void>, done: string) => {
    try {
      await act();
      say(done, 'good');
      open(labelSets.value.find(each => each.name === name.value.trim()) ?? labelSets.value[0]);
    } catch (error) {
      problem.value = told(messageOf(error), drafts.value);
    }
  };

  return (
    <Dialog title="Label sets" onClose={close}>
      <div class="label-sets" data-testid="label-sheet">
        <div class="which">
          {labelSets.value.map(set => (
            <button
              key={set.name}
              type="button"
              class="button quiet"
              aria-pressed={set.name === kept?.name}
              onClick={() => open(set)}
            >
              {set.name}
            </button>
          ))}
          <button type="button" class="button quiet" data-testid="new-set" onClick={() => open(undefined, '')}>
            <Icon node={Plus} />
            New set
          </button>
          <input
            class="field"
            placeholder="Find a label"
            aria-label="Find a label"
            value={filter.value}
            onInput={event => {
              filter.value = event.currentTarget.value;
            }}
          />
        </div>
        {!kept && (
          <label class="called">
            Name of the set
            <input
              class="field"
              placeholder={NEW}
              value={name.value}
              maxLength={60}
              data-testid="set-name"
              onInput={event => {
                name.value = event.currentTarget.value;
                changed.value = true;
              }}
            />
          </label>
        )}
        <div class="labels">
          <div class="label head" aria-hidden="true">
            <span>Colour</span>
            <span>Label</span>
            <span>Its parts, separated by commas</span>
          </div>
          {drafts.value.map(
            (draft, at) =>
              `${draft.name} ${draft.parts}`.toLowerCase().includes(shown) && (
                <LabelRow
                  key={at}
                  draft={draft}
                  onEdit={change => edit(at, change)}
                  onRemove={() => {
                    drafts.value = drafts.value.filter((_, k) => k !== at);
                    changed.value = true;
                  }}
                />
              ),
          )}
        </div>
        {problem.value && (
          <p class="problem" role="alert" data-testid="label-problem">
            {problem.value}
          </p>
        )}
        <footer>
          <button
            type="button"
            class="button"
            data-testid="add-label"
            onClick={() => {
              filter.value = '';
              drafts.value = [{ name: '', parts: '', colour: undefined }, ...drafts.value];
              changed.value = true;
            }}
          >
            <Icon node={Plus} />
            Add a label
          </button>
          {kept && !kept.shipped && (
            <button
              type="button"
              class="button quiet"
              data-testid="remove-set"
              onClick={() => attempt(() => removeLabelSet(kept.name), `Your set ${kept.name} is removed`)}
            >
              <Icon node={Trash2} />
              Remove this set
            </button>
          )}
          <span class="room" />
          {changed.value && (
            <button type="button" class="button quiet" onClick={() => open(kept)}>
              <Icon node={RotateCcw} />
              Discard changes
            </button>
          )}
          <button
            type="button"
            class="button primary"
            data-testid="save-labels"
            disabled={!changed.value}
            onClick={() => attempt(() => saveLabelSet(setOf(name.value, drafts.value)), 'Labels are saved')}
          >
            Save
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

interface LabelRowProps {
  draft: Draft;
  onEdit: (change: Partial<Draft>) => void;
  onRemove: () => void;
}

function LabelRow({ draft, onEdit, onRemove }: LabelRowProps) {
  return (
    <div class="label" data-testid="label">
      <span class="colour">
        <input
          type="color"
          class={draft.colour ? '' : 'none'}
          value={draft.colour ?? FIRST_COLOUR}
          aria-label={`Colour of ${draft.name || 'the new label'}`}
          title={draft.colour ? 'Colour of these objects' : 'No colour: every object has its own'}
          onInput={event => onEdit({ colour: event.currentTarget.value })}
        />
        {draft.colour && (
          <IconButton
            small
            icon={X}
            label="No colour: every object has its own"
            tip="none"
            onClick={() => onEdit({ colour: undefined })}
          />
        )}
      </span>
      <input
        class="field"
        value={draft.name}
        maxLength={200}
        placeholder="Name"
        aria-label="Label"
        onInput={event => onEdit({ name: event.currentTarget.value })}
      />
      <input
        class="field"
        value={draft.parts}
        placeholder="No parts"
        aria-label={`Parts of ${draft.name || 'the new label'}`}
        onInput={event => onEdit({ parts: event.currentTarget.value })}
      />
      <IconButton small icon={Trash2} label={`Remove ${draft.name || 'the new label'}`} tip="none" onClick={onRemove} />
    </div>
  );
}

function close(): void {
  sheet.value = undefined;
}

function draftsOf(set: LabelSet | undefined): readonly Draft[] {
  if (!set) return [{ name: '', parts: '', colour: undefined }];
  return set.categories.map(({ name, parts, colour }) => ({
    name,
    parts: (parts ?? []).join(', '),
    colour: colour ?? undefined,
  }));
}

function setOf(name: string, drafts: readonly Draft[]): EditedSet {
  const categories = drafts.map(draft => ({
    name: draft.name,
    parts: draft.parts
      .split(',')
      .map(part => part.trim())
      .filter(Boolean),
    colour: draft.colour ?? null,
  }));
  return { name: name || NEW, categories };
}

/** The server's message, with the label that it names by its place called by name. */
function told(message: string, drafts: readonly Draft[]): string {
  return message.replace(/^Categories(\.(\d+)\.(\w+))?: /, (_, __, at, field) => {
    if (at === undefined) return '';
    return field === 'name' ? `Label ${Number(at) + 1} has no name: ` : `${drafts[Number(at)]?.name}, ${field}: `;
  });
}
