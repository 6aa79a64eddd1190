/// The record of an attachment, written before the first change. It contains everything needed to
/// remove the attachment from the node later, whatever happened in between.
package dev.podbond.bonding.attachment;
