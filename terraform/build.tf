# What `refit build` made of the pipeline file.

locals {
  key       = "${var.environment}/${var.pipeline}"
  file      = "${path.root}/pipelines/${local.key}.tfvars"
  build_dir = "${path.root}/../build/${local.key}"
  named     = fileexists(local.file)
  artefacts = concat(["lambdas.zip", "state_machine.asl.json", "build.json"], local.has_source ? ["source.tar.gz"] : [])
  built     = alltrue([for name in local.artefacts : fileexists("${local.build_dir}/${name}")])

  has_source = var.training.source != null
}

# Refuses to plan on artefacts that are missing or belong to an older pipeline file. Whatever reads them comes after it.
resource "terraform_data" "build" {
  lifecycle {
    precondition {
      condition     = local.named
      error_message = "There is no terraform/pipelines/${local.key}.tfvars; keep pipeline = \"${var.pipeline}\" in a file of that name, in the folder of its environment."
    }

    precondition {
      condition     = !local.named || local.built
      error_message = "The pipeline ${local.key} is not built; run: refit build ${local.key}"
    }

    precondition {
      condition     = !(local.named && local.built) || try(jsondecode(file("${local.build_dir}/build.json")).pipeline_sha256 == filesha256(local.file), false)
      error_message = "The build of ${local.key} is older than its pipeline file; run: refit build ${local.key}"
    }
  }
}
