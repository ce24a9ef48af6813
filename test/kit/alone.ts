/** What a step's context has of its worker's slots, for one that is run by itself: nobody else wants the slot. */
export const alone = {
  progress: () => {},
  threads: () => Promise.resolve(1),
  leaveSlot: () => {},
  withoutSlot: <T>(waiting: () => Promise<T>) => waiting(),
};
