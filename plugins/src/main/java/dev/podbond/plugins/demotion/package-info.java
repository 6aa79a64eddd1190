/// Members of bonds that leave a bad path, and come back: what is decided is written down, then
/// done, under the locks of ADD, DEL and repair.
package dev.podbond.plugins.demotion;
