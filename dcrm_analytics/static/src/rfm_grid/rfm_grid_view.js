import {registry} from "@web/core/registry";
import {RfmGridController} from "./rfm_grid_controller";
import {RfmGridModel} from "./rfm_grid_model";
import {RfmGridRenderer} from "./rfm_grid_renderer";

export const rfmGridView = {
    type: "rfm_grid",
    Controller: RfmGridController,
    Model: RfmGridModel,
    Renderer: RfmGridRenderer,
    searchMenuTypes: ["filter", "favorite"],

    props: (genericProps, view) => ({
        ...genericProps,
        Model: view.Model,
        Renderer: view.Renderer,
    }),
};

registry.category("views").add("rfm_grid", rfmGridView);
