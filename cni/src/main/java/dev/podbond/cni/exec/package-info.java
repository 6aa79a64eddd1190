/// Runs another CNI plugin: finds it, feeds it, and delegates addresses to it.
package dev.podbond.cni.exec;
