/** Label sets: names to complete from, kept on the server for everybody. */
import * as api from '../api/client';
import { labelSets } from './studio';
import { messageOf, say } from './toasts';

/** Fetch the label sets; without them names are typed in full. */
export async function loadLabelSets(): Promise<void> {
  try {
    labelSets.value = await api.listLabelSets();
  } catch (error) {
    say(messageOf(error), 'bad');
  }
}

/**
 * Keep a label set.
 *
 * @throws {ServerProblem} a label is not as it must be; the message says which
 */
export async function saveLabelSet(set: api.EditedSet): Promise<void> {
  labelSets.value = await api.saveLabelSet(set);
}

/** Remove a saved label set. */
export async function removeLabelSet(name: string): Promise<void> {
  labelSets.value = await api.removeLabelSet(name);
}
