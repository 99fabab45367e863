/**
 * Settings of the `memory_limiter`: above 80 percent of the container's limit it collects garbage, and above 60 percent
 * it refuses exports with 503. Garbage counts as memory there.
 */
export const memoryLimiter = { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 };

/**
 * Share of the container's memory that Go fills before it collects garbage whatever {@link garbagePercent} says. Below
 * the share at which exports are refused.
 */
export const garbageShare = 0.5;

/**
 * `GOGC`: Go collects garbage when so many percent of what is in use have been added. With Go's default of 100, and
 * some 30 MiB in use, a fifth of the collector's time was spent on it (docs/capacity.md).
 */
export const garbagePercent = "400";
