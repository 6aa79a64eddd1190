/// From node policies to the VFs each PF is to have and the device pools they form.
package dev.podbond.cli.policy;
