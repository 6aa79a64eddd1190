/// Calls that are made before a pod needs them: they load and compile what all calls use.
package dev.podbond.plugins.warmup;
