/// Computes from node policies the required VFs of each PF, and the device pools that they form.
package dev.podbond.cli.policy;
