/// What the kernel says of bonds and pods, and what follows from it.
package dev.podbond.agent.watch;
