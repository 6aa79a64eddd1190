/// Listens to the kernel for news of bonds and pods, and does the work that follows.
package dev.podbond.agent.watch;
