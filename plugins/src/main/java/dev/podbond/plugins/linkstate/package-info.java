/// VFs that lose their link while the uplink of their PF is bad, and get it back: what is decided
/// is written down, then done, under the locks of ADD and DEL.
package dev.podbond.plugins.linkstate;
