import assert from "node:assert/strict";

import { modelColours } from "../../../dashboards/kit/colours";

type Three = readonly [number, number, number];
type Matrix = readonly [Three, Three, Three];

/** Backgrounds of Grafana's panels. */
const backgrounds = { light: "#FFFFFF", dark: "#181B1F" };

/** Colour vision: normal, and without one of the cones, on linear RGB (Machado, Oliveira and Fernandes, 2009). */
const visions: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

function linear(hex: string): Three {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red!, green!, blue!];
}

function times(matrix: Matrix, [a, b, c]: Three): Three {
  const [first, second, third] = matrix.map(([x, y, z]) => Math.min(1, Math.max(0, x * a + y * b + z * c)));
  return [first!, second!, third!];
}

function luminance([red, green, blue]: Three): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG's contrast of two colours. */
function contrast(one: string, other: string): number {
  const [dark, light] = [one, other].map((hex) => luminance(linear(hex)) + 0.05).sort((a, b) => a - b);
  return light! / dark!;
}

/** CIE's L*a*b*, whose distances are differences as seen: 2.3 is just noticeable. */
function lab([red, green, blue]: Three): Three {
  const [x, y, z] = [
    (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
    luminance([red, green, blue]),
    (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
  ].map((part) => (part > 216 / 24389 ? Math.cbrt(part) : ((24389 / 27) * part + 16) / 116));
  return [116 * y! - 16, 500 * (x! - y!), 200 * (y! - z!)];
}

function difference(vision: Matrix, one: string, other: string): number {
  const [a, b] = [one, other].map((hex) => lab(times(vision, linear(hex))));
  return Math.hypot(a![0] - b![0], a![1] - b![1], a![2] - b![2]);
}

describe("colours of models", () => {
  const all = [...new Set(modelColours.map(({ colour }) => colour))];

  it("are several in each family", () => {
    assert.ok(all.length > 6, String(all.length));
  });

  for (const [theme, background] of Object.entries(backgrounds)) {
    it(`stand out from a panel in the ${theme} theme as WCAG asks of graphics`, () => {
      const faint = all.filter((colour) => contrast(colour, background) < 3);
      assert.deepEqual(faint, []);
    });
  }

  for (const [vision, matrix] of Object.entries(visions)) {
    it(`are told from each other with ${vision}`, () => {
      const pairs = all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as const));
      const alike = pairs.filter(([one, other]) => difference(matrix, one, other) < 15);
      assert.deepEqual(alike, []);
    });
  }
});
