import type { UsedSource } from './clip/source-cache.ts';
import type { StepContext } from './context.ts';

/**
 * The source as a local file. While it comes over the network another step may have the slot.
 *
 * @param fetch brings it
 */
export async function useSource(
  { withoutSlot }: Pick<StepContext, 'withoutSlot'>,
  fetch: () => Promise<UsedSource>,
): Promise<UsedSource> {
  let source: UsedSource | undefined;
  try {
    return await withoutSlot(async () => (source = await fetch()));
  } catch (error) {
    // It came, but the step was given up while it waited for a slot again.
    source?.release();
    throw error;
  }
}
