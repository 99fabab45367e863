/**
 * Attribute of the collector's own resource, so label of its `target_info`: which queues the check found damaged before
 * it started.
 */
export const damagedQueuesLabel = "damaged_queues";
/** Its value where none is damaged. */
export const noneDamaged = "none";
