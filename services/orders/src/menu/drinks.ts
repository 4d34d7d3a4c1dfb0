import type { Station } from '@doubleshot/contracts';

/** A drink as the menu is first written. */
export interface Drink {
  id: string;
  name: string;
  station: Station;
  priceCents: number;
  /** Time one cup takes at its station. */
  brewMs: number;
}

/** The first menu. Ids are for ever: people keep them in scripts. */
export const DRINKS: readonly Drink[] = [
  drink(1, 'Espresso', 'espresso', { priceCents: 250, brewMs: 500 }),
  drink(2, 'Doubleshot', 'espresso', { priceCents: 320, brewMs: 600 }),
  drink(3, 'Americano', 'espresso', { priceCents: 310, brewMs: 600 }),
  drink(4, 'Macchiato', 'espresso', { priceCents: 330, brewMs: 700 }),
  drink(5, 'Cappuccino', 'espresso', { priceCents: 390, brewMs: 900 }),
  drink(6, 'Flat white', 'espresso', { priceCents: 420, brewMs: 900 }),
  drink(7, 'Caffè latte', 'espresso', { priceCents: 430, brewMs: 1_000 }),
  drink(8, 'Mocha', 'espresso', { priceCents: 460, brewMs: 1_100 }),
  drink(9, 'Filter coffee', 'brew-bar', { priceCents: 290, brewMs: 800 }),
  drink(10, 'Pour-over', 'brew-bar', { priceCents: 480, brewMs: 1_500 }),
  drink(11, 'AeroPress', 'brew-bar', { priceCents: 450, brewMs: 1_200 }),
  drink(12, 'French press', 'brew-bar', { priceCents: 440, brewMs: 1_400 }),
  drink(13, 'Cold brew', 'brew-bar', { priceCents: 470, brewMs: 400 }),
  drink(14, 'Loose-leaf tea', 'brew-bar', { priceCents: 350, brewMs: 1_000 }),
];

function drink(number: number, name: string, station: Station, { priceCents, brewMs }: { priceCents: number; brewMs: number }): Drink {
  return { id: `019aaf00-0000-7000-8000-${number.toString().padStart(12, '0')}`, name, station, priceCents, brewMs };
}
