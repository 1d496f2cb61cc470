/** Type of all persona connectors, by which the page knows that no wallet will ask anything. */
export const PERSONA = "persona";
