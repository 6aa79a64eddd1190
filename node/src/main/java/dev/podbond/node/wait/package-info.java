/// Waiting for the kernel within a limit, over a clock that tests replace.
package dev.podbond.node.wait;
