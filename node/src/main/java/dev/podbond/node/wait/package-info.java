/// Waiting for the kernel within a limit, over a clock that tests replace; and work that is not
/// waited for.
package dev.podbond.node.wait;
