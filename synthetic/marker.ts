import { collectorAttributes } from "../telemetry/collector-attributes";
import { labels } from "../telemetry/labels";

/**
 * Attribute on every resource and every point of the demo, so that its data can be found and removed. The collector
 * lets its points be a day old.
 */
export const demoAttribute = collectorAttributes.demo;

/** Value of {@link demoAttribute}. */
export const demoAttributeValue = "true";

/** PromQL selector of everything that the demo sent, and of what recording rules made of it. */
export const demoSelector = `{${labels.demo}="${demoAttributeValue}"}`;

/** First part of the name of every user of the demo. */
export const demoUserPrefix = "demo-";
